"""Annual reports with known values, in every rendering in which they are met.

The bed has its own words: labels, sentences and page parts are written here and not taken from
the reader, for a reader that is tested on its own words proves nothing.
"""
