"""WeChat Pay's quick pay (付款码支付) as its public v2 pages describe it: XML, a keyed signature over the sorted fields, and
certificates from both sides for what moves money back. docs/protocol/wechat-pay.md says which parts are guesses."""
