"""What a document is: whether an annual report, for which year, of which organ, published when."""
