// Codes as phones show them, for the simulated scanner. The digits in front by which a brand is recognised were observed
// and published by others; they are samples and no official table. The rest is random, so that no two are the same.

const random = (count) => Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte % 10).join("");

const code = (prefix, length) => () => prefix + random(length - prefix.length);

export const sampleCodes = [
  { name: "PayPay", make: code("90008181", 22) },
  { name: "d払い", make: code("90000002", 22) },
  { name: "au PAY", make: code("31589921", 19) },
  { name: "楽天ペイ", make: code("900001", 16) },
  { name: "メルペイ", make: code("31589900", 19) },
  { name: "Alipay+", make: code("28", 18) },
  { name: "WeChat Pay", make: code("13", 18) },
];

export const strangeCodes = [
  { name: "見分けられないコード", make: code("77", 20) },
  { name: "商品のバーコード", make: () => "4901234567894" },
];
