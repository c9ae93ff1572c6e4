"""What is learned across articles: the furniture of their sites, their copies, their stories."""
