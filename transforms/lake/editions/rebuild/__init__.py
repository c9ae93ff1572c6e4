"""What a rebuild finds, makes and puts in its place: one edition of rows made anew from stored pages."""
