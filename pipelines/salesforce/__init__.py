"""Salesforce: object specs, HTTP client, source."""
