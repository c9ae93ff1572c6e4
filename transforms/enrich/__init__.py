"""Facts an analyst filters and joins by: language, length, agencies, dateline, countries. Text in, columns out."""
