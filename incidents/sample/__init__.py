"""The bundled sample: a small news web of our own, rendered from data/sample and served on 127.0.0.1.

Articles are Markdown files with a YAML head; publishers.yaml says how each invented site dresses them. Rendering is
deterministic: the same files give the same bytes.
"""

from incidents.sample.files import SAMPLE, load_articles, load_publishers, sources
from incidents.sample.server import Request, Server, serve
from incidents.sample.site import Resource, render

__all__ = ["SAMPLE", "Request", "Resource", "Server", "load_articles", "load_publishers", "render", "serve", "sources"]
