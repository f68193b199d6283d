// What names a payout in an address: the company and the id, for two companies may use one id. No company's code has a colon.
export const payoutKey = (trustee, payout) => `${trustee || ""}:${payout}`;

// Where the service tells it. A key without a company is an old bookmark: the service finds it while one company has the id.
export function payoutPath(key) {
  const colon = key.indexOf(":");
  const path = `/api/payouts/${encodeURIComponent(key.slice(colon + 1))}`;
  return colon < 0 ? path : `${path}?trustee=${encodeURIComponent(key.slice(0, colon))}`;
}
