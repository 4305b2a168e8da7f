"""The report: one page that answers the question, shows the numbers and says where they come from."""
