"""Vendors, products, agencies and other bodies: by name, by pattern, and by what ties them to face recognition."""
