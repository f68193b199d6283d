// An item that a tariff prices: on the left what is asked, on the right what it costs and why. Built from what the till
// says of the tariff, whatever its form; the price follows every touch.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Key, Money, Waiting, yen } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { Notice } from "./notice.js";
import { CaseField } from "./case_field.js";
import { answersOfSet, chosen, fieldsOf, firstAnswers, reductionsOf, stepped, typed, valueOf, withValue } from "./case_fields.js";

const MISSING = "missing_answer"; // nothing wrong yet: something is still to be filled in

// What the till asks of the item: null while it is being fetched.
function useQuestions(till, item) {
  const [asked, setAsked] = useState(null);
  useEffect(() => {
    let isCurrent = true;
    till.questions(item).then((answer) => isCurrent && setAsked(answer.ok ? answer.data : { fault: answer.message }));
    return () => {
      isCurrent = false;
    };
  }, [item]);
  return asked;
}

// The price of the newest answers: older answers of the till are forgotten.
function usePrice(till, item, answers) {
  const [price, setPrice] = useState(null);
  const newest = useRef(0);
  useEffect(() => {
    if (answers === null) {
      return;
    }
    newest.current += 1;
    const mine = newest.current;
    till.priceCase({ item, facts: answers.facts, reductions: reductionsOf(answers) }).then((answer) => {
      if (mine === newest.current) {
        setPrice(answer.ok ? answer.data : { fault: { code: "", message: answer.message } });
      }
    });
  }, [item, answers]);
  return price;
}

function useAnswers(asked, lines, now) {
  const [answers, setAnswers] = useState(null);
  const fields = asked?.questions ? fieldsOf(asked.questions, asked.reductions) : [];
  useEffect(() => {
    if (asked?.questions) {
      setAnswers(lines.length > 0 ? answersOfSet(lines) : firstAnswers(fields, now));
    }
  }, [asked]);
  return [fields, answers, setAnswers];
}

function Explained({ price }) {
  if (price === null) {
    return html`<${Waiting}>料金を計算しています…<//>`;
  }
  if (price.fault) {
    return price.fault.code === MISSING
      ? html`<p class="case-missing">${price.fault.message}</p>`
      : html`<p class="case-fault" role="alert">${price.fault.message}</p>`;
  }
  return html`<ul class="case-lines">
    ${price.lines.map(
      (line, index) => html`<li key=${index} class="case-line">
        <div class="case-line-main">
          <span>${line.label || "料金"}</span>
          <span class="case-line-count">${line.quantity > 1 ? `${yen(line.unit_price_yen)} × ${line.quantity}` : ""}</span>
          <${Money} amount=${line.amount_yen} />
        </div>
        ${line.rows.map((row, at) => html`<div key=${at} class="case-row"><span>${row.text}</span><${Money} amount=${row.yen} /></div>`)}
      </li>`,
    )}
  </ul>`;
}

export function CaseView() {
  const { till, state, ui, isIdle } = useTill();
  const { item, set } = ui.caseOf;
  const asked = useQuestions(till, item);
  const lines = set === null ? [] : state.basket.lines.filter((line) => line.pricing?.set === set);
  const [fields, answers, setAnswers] = useAnswers(asked, lines, state.now);
  const price = usePrice(till, item, answers);
  const [at, setAt] = useState(0);
  const [text, setText] = useState(null); // what is being typed into the selected number; null: nothing yet
  const field = fields[at] ?? null;
  const total = price?.total_yen ?? null;
  const canPut = isIdle && total !== null && !price.fault;

  const select = (index) => {
    setText(null);
    setAt(index);
  };
  const answer = (one, value) => setAnswers((before) => withValue(before, one, value));
  const change = (one, act) => answers !== null && answer(one, act(valueOf(answers, one)));
  const close = () => ui.closeCase();
  const put = async () => {
    if (canPut && (await till.putCase({ item, facts: answers.facts, reductions: reductionsOf(answers), set: set ?? 0 })).ok) {
      close();
    }
  };
  const type = (digits) => {
    const next = [...digits].reduce((before, digit) => typed(field, before, digit), text ?? "");
    setText(next);
    answer(field, next === "" ? 0 : Number(next));
  };
  const erase = () => {
    const next = String(text ?? valueOf(answers, field) ?? "").slice(0, -1);
    setText(next);
    answer(field, next === "" ? 0 : Number(next));
  };
  const clear = () => {
    setText("");
    answer(field, 0);
  };
  const step = (by) => () => {
    setText(null);
    return field !== null && change(field, (value) => stepped(field, value, by));
  };
  const bindings = {
    Escape: close,
    Enter: put,
    ArrowUp: () => select(Math.max(0, at - 1)),
    ArrowDown: () => select(Math.min(fields.length - 1, at + 1)),
    "+": step(1),
    "-": step(-1),
  };
  if (field !== null && ["one", "many", "flag", "once"].includes(field.kind)) {
    const count = field.options === undefined ? 1 : field.options.length;
    for (let index = 0; index < Math.min(9, count); index += 1) {
      bindings[String(index + 1)] = () => change(field, (value) => chosen(field, value, index));
    }
  }
  useKeys(bindings, LEVEL_STEP, { repeats: ["ArrowUp", "ArrowDown", "+", "-"] });

  return html`<main class="sale">
    <h1 class="unseen">料金の入力</h1>
    <section class="panel case" aria-label=${asked?.name ?? "料金の入力"}>
      <header class="panel-head">
        <h2 class="panel-title">${asked?.name ?? ""}</h2>
        <${Button} icon="back" hint="Esc" onPress=${close}>戻る<//>
      </header>
      <div class="case-fields">
        ${asked === null
          ? html`<${Waiting}>料金表を読み込んでいます…<//>`
          : asked.fault
            ? html`<${Empty} icon="warning" title="料金表を読み込めません">${asked.fault}<//>`
            : answers === null
              ? null
              : fields.map(
                  (one, index) => html`<${CaseField}
                    key=${one.key}
                    field=${one}
                    heading=${one.group !== "" && one.group !== fields[index - 1]?.group ? one.group : null}
                    value=${valueOf(answers, one)}
                    isSelected=${index === at}
                    onSelect=${() => select(index)}
                    onValue=${(value) => answer(one, value)}
                  />`,
                )}
      </div>
    </section>
    <section class="sale-step" aria-label="料金">
      <${Notice} />
      <div class="panel case-price">
        <header class="panel-head"><h2 class="panel-title">${set === null ? "料金" : "料金(直す)"}</h2></header>
        <div class="case-explained" aria-live="polite">${answers === null ? null : html`<${Explained} price=${price} />`}</div>
        ${field?.kind === "number" ? html`<div class="case-pad"><p class="case-pad-for">${field.label}</p><${NumberPad} entry=${{ type, erase, clear }} /></div>` : null}
        <footer class="step-foot">
          <${Key}
            kind="main"
            class="step-main"
            hint="Enter"
            name=${total === null || price.fault ? "料金が決まると入れられます" : set === null ? `${total === 0 ? "無料" : yen(total)} を会計に入れる` : `${total === 0 ? "無料" : yen(total)} に直す`}
            disabled=${!canPut}
            onPress=${put}
          />
        </footer>
      </div>
    </section>
  </main>`;
}
