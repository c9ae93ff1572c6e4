"""A lake's figures by SQL: its tables for DuckDB, bounded in time, and what the rules of health judge."""
