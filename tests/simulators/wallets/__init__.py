"""What the two foreign wallets' simulators have in common: a book of orders, the faults, the control door. Each wallet's own
door (wechat_pay, alipay_plus) says what its messages look like and mean."""
