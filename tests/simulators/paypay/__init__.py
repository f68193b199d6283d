"""PayPay's Open Payment API: dynamic codes, details, cancel, refund."""
