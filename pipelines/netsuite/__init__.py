"""NetSuite: table specs, HTTP client, source."""
