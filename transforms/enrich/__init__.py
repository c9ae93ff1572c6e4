"""Facts by which analysts filter and join: language, length, agencies, dateline, countries."""
