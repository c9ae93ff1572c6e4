"""`newsbeam export`: what a lake holds, in the forms that others read."""
