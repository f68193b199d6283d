"""An aggregator of Japanese codes, after UnivaPay's public SDKs."""
