"""Audits of what is depended on and of what is kept: licences, known vulnerabilities, secrets; `make audit`."""
