"""PDF, QR codes and sheets: one vendor, one file."""
