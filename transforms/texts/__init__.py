"""Files of texts, whoever wrote them: Parquet, or JSON lines, read row by row and written again with marks."""
