// The simulated devices, for trying the till without hardware: what comes out of the printer, what goes wrong with it,
// the line display, the drawer, and codes to hold before the scanner. Runs in a window of its own beside the till.
import { html, render, useEffect, useState } from "./lib/view.js";
import { Button, Empty, Key, Message, Panel, Waiting } from "./lib/components.js";
import { createClient } from "./lib/http.js";
import { sampleCodes, strangeCodes } from "./sample_codes.js";

const REFRESH_MS = 1000;

const call = createClient({ headers: { "X-Madoguchi": "till" }, peer: "レジ本体" });

function useSimulated() {
  const [known, setKnown] = useState({ devices: null, fault: null });
  const take = (answer) => setKnown((last) => (answer.ok ? { devices: answer.data ?? last.devices, fault: null } : { ...last, fault: answer.message }));
  const load = async () => take(await call("GET", "/api/simulated"));
  useEffect(() => {
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const change = async (name, body) => {
    const answer = await call("POST", `/api/simulated/${name}`, body);
    if (!answer.ok) {
      take(answer);
    }
    await load();
    return answer.ok;
  };
  return { ...known, change };
}

const papers = [
  { key: "ok", name: "用紙あり" },
  { key: "near_end", name: "残り少し" },
  { key: "end", name: "用紙切れ" },
];

// One paper at a time, the newest first; a newer one comes to the front by itself.
function Papers({ count }) {
  const [number, setNumber] = useState(count);
  useEffect(() => setNumber(count), [count]);
  if (count === 0) {
    return html`<${Empty} icon="receipt" title="まだ何も印刷していません">会計をすると、ここにレシートが出ます。<//>`;
  }
  return html`<div class="papers">
    <div class="papers-bar">
      <${Button} icon="back" disabled=${number <= 1} onPress=${() => setNumber(number - 1)}>前の紙<//>
      <span>${number} / ${count}枚目</span>
      <${Button} icon="next" disabled=${number >= count} onPress=${() => setNumber(number + 1)}>次の紙<//>
    </div>
    <div class="papers-roll"><img key=${number} src=${`/api/simulated/papers/${number}.png`} alt=${`${number}枚目の紙`} /></div>
  </div>`;
}

function Printer({ printer, change }) {
  return html`<${Panel} title="プリンタ" titleId="printer" class="devices-printer">
    <div class="switches">
      <div class="switch" role="group" aria-label="用紙">
        ${papers.map(({ key, name }) => html`<${Button} key=${key} isPressed=${printer.paper === key} onPress=${() => change("printer", { paper: key })}>${name}<//>`)}
      </div>
      <${Button} isPressed=${printer.cover_open} onPress=${() => change("printer", { cover_open: !printer.cover_open })}>${printer.cover_open ? "ふたを閉める" : "ふたを開ける"}<//>
      <${Button} isPressed=${printer.is_offline} onPress=${() => change("printer", { is_offline: !printer.is_offline })}>${printer.is_offline ? "電源を入れる" : "電源を切る"}<//>
    </div>
    <${Papers} count=${printer.papers} />
  <//>`;
}

function Drawer({ drawer, change }) {
  return html`<${Panel} title="引き出し" titleId="drawer">
    <div class="drawer-state">
      <p><strong>${drawer.is_open ? "開いています" : "閉まっています"}</strong><br />これまでに ${drawer.pulses}回 開けました。</p>
      <${Key} name="押して閉める" disabled=${!drawer.is_open} onPress=${() => change("drawer", { is_open: false })} />
    </div>
  <//>`;
}

// The rows as they stand on the display, a character in each of its cells. What CP932 calls a backslash is a ¥ there.
function LineDisplay({ rows }) {
  return html`<${Panel} title="お客様の表示器" titleId="line-display">
    ${rows === null
      ? html`<p class="display-none quiet">表示器はつながっていません。</p>`
      : html`<div class="display" role="img" aria-label=${`表示器: ${rows.map((row) => row.trim()).join(" / ")}`}>
          ${rows.map((row, index) => html`<pre key=${index} class="display-row">${row.replaceAll("\\", "¥") || " "}</pre>`)}
        </div>`}
  <//>`;
}

function Scanner({ change }) {
  const [code, setCode] = useState("");
  const [said, setSaid] = useState(null);
  const scan = async (digits, name) => {
    setSaid((await change("scanner", { code: digits })) ? `${name} を読み取りました。` : null);
  };
  const key = ({ name, make }) => html`<${Key} key=${name} name=${name} onPress=${() => scan(make(), name)} />`;
  return html`<${Panel} title="読み取り機" titleId="scanner">
    <div class="scanner">
      <p class="quiet">お客様がコードを見せたことにします。毎回ちがう番号になります。</p>
      <div class="codes">${sampleCodes.map(key)}</div>
      <h3>困ったコード</h3>
      <div class="codes">${strangeCodes.map(key)}</div>
      <div class="typed">
        <input class="input" autocomplete="off" aria-label="好きなコード" placeholder="好きなコード" value=${code} onInput=${(event) => setCode(event.target.value)} />
        <${Button} disabled=${code === ""} onPress=${() => scan(code, "入力したコード")}>読み取る<//>
      </div>
      ${said ? html`<${Message} kind="success">${said}<//>` : null}
    </div>
  <//>`;
}

const cards = [
  ["transit", "交通系IC"],
  ["edy", "楽天Edy"],
  ["nanaco", "nanaco"],
  ["waon", "WAON"],
  ["phone", "スマートフォン"],
  ["empty", "残高のないカード"],
];

function CardReader({ change }) {
  const [lying, setLying] = useState(null);
  const lay = async (card) => {
    if (await change("card", { card })) {
      setLying(card);
    }
  };
  return html`<${Panel} title="カードリーダー" titleId="card-reader">
    <div class="scanner">
      <p class="quiet">残高照会に使うカードを置きます。支払いはできません。</p>
      <div class="codes">${cards.map(([card, name]) => html`<${Key} key=${card} name=${name} isPressed=${lying === card} onPress=${() => lay(card)} />`)}</div>
      <${Button} disabled=${lying === null} onPress=${() => lay(null)}>カードを取る<//>
    </div>
  <//>`;
}

function Devices() {
  const { devices, fault, change } = useSimulated();
  if (devices === null) {
    return html`<main class="devices-alone">
      ${fault ? html`<${Empty} icon="warning" title="模擬機器につながりません">${fault}<br />レジが本物の機器で動いているときは、この画面は使えません。<//>` : html`<${Waiting}>模擬機器の様子を調べています…<//>`}
    </main>`;
  }
  return html`<main class="devices-page">
    <header class="devices-head">
      <h1>模擬機器</h1>
      <p class="quiet">機器がなくても、会計・印刷・コード決済を試せます。</p>
    </header>
    ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
    <div class="devices-columns">
      <${Printer} printer=${devices.printer} change=${change} />
      <div class="devices-column">
        <${Scanner} change=${change} />
        <${LineDisplay} rows=${devices.line_display ?? null} />
        <${CardReader} change=${change} />
        <${Drawer} drawer=${devices.drawer} change=${change} />
      </div>
    </div>
  </main>`;
}

const place = document.getElementById("app");
place.textContent = "";
render(html`<${Devices} />`, place);
