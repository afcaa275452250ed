"""What tests stand on: databases, pages, servers, browser, mail sink."""
