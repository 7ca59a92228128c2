"""Collecting: from the list of sources to web archives, politely.

`python -m scrapers` runs one crawl (crawl.py): the spiders of each kind of source (spiders/) put what they discover
into the frontier (frontier.py), then the pages that are due are fetched and archived (spiders/pages.py, archive.py).
Sites are asked one request at a time (politeness.py), by rules for every request (middlewares.py, resolver.py).

archive, index, frontier, sources and urls import neither Scrapy nor Twisted, so that the dataset may use them.
"""
