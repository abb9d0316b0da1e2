"""Pages, put together: what an influencer sees, a module a page, read in the order in which it stays true."""
