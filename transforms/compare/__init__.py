"""Compares articles with one another: the furniture of their sites, their copies, their stories."""
