"""`newsbeam dedupe`: marks copies among texts of any origin, by the rules of a run."""
