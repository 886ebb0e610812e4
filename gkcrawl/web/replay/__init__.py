"""Archived documents shown again, safely: nothing of them runs, nothing is loaded from elsewhere.

Two defences, each of which is enough by itself: the page is written anew from an allowed part of
its tree (``markup``, ``css``, ``drawing``), and it is sent with a policy under which a browser runs
and loads nothing but what lies in replay (``gkcrawl.web.security``). What is stored stays as it is.
"""
