"""Tables: everything as CSV, and the few that stand in a report's annex as CSV, XLSX, DOCX and LaTeX."""
