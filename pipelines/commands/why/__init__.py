"""`newsbeam why` and `newsbeam diff`: what became of one address or article, and how its text changed."""
