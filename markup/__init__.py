"""The text formats of Coursemark: packages, front matter, fences, Markdown, links, the sanitiser, and
Problem.

Pure Python: nothing here imports Django or knows a model.
"""
