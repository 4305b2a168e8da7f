"""The model in a browser, to change a scheme's amount and a few parameters and step through the years.

A tool for teaching and for finding out why something happens. It shows one run: it says nothing about how sure
anything is, and is not the report.
"""
