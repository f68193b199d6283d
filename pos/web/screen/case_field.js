// One field of a case: its name on the left, what is pressed on the right. The selected one answers the number keys, which
// are written on its options.
import { html, useEffect, useRef } from "./lib/view.js";
import { Button, yen } from "./lib/components.js";
import { chosen, stepped } from "./case_fields.js";

function Counter({ field, value, onSelect, onValue }) {
  const press = (by) => () => {
    onSelect();
    onValue(stepped(field, value, by));
  };
  return html`<div class="case-counter">
    <${Button} icon="minus" label=${`${field.label}を1つ減らす`} disabled=${(value ?? 0) <= (field.min ?? 0)} onPress=${press(-1)} />
    <button type="button" class="case-number" aria-label=${`${field.label} ${value ?? 0}${field.unit}`} onMouseDown=${(event) => event.preventDefault()} onClick=${onSelect}>
      <strong>${(value ?? 0).toLocaleString("ja-JP")}</strong><span>${field.unit}</span>
    </button>
    <${Button} icon="plus" label=${`${field.label}を1つ増やす`} onPress=${press(1)} />
  </div>`;
}

function Options({ field, value, isSelected, onSelect, onValue }) {
  const isOn = (code) => (field.kind === "many" ? value.includes(code) : value === code);
  return html`<div class="case-options" role="group" aria-label=${field.label}>
    ${field.options.map(
      (option, index) => html`<${Button}
        key=${option.code}
        class="case-option"
        data-option=${option.code}
        hint=${isSelected && index < 9 ? String(index + 1) : undefined}
        isPressed=${isOn(option.code)}
        onPress=${() => {
          onSelect();
          onValue(chosen(field, value, index));
        }}
      >
        <span>${option.name}</span>${option.hint ? html`<span class="case-option-hint">${option.hint}</span>` : null}
      <//>`,
    )}
  </div>`;
}

function Flag({ field, value, isSelected, onSelect, onValue }) {
  return html`<div class="case-options">
    <${Button}
      class="case-option"
      hint=${isSelected ? "1" : undefined}
      isPressed=${value === true || value === 1}
      onPress=${() => {
        onSelect();
        onValue(chosen(field, value, 0));
      }}
    >${value === true || value === 1 ? "はい" : "いいえ"}<//>
  </div>`;
}

function Day({ field, value, onSelect, onValue }) {
  const press = (by) => () => {
    onSelect();
    onValue(stepped(field, value, by));
  };
  return html`<div class="case-counter">
    <${Button} icon="minus" label="前の日" onPress=${press(-1)} />
    <input class="input case-date" type="date" aria-label=${field.label} min=${field.min} max=${field.max} value=${value} onFocus=${onSelect} onInput=${(event) => event.target.value && onValue(event.target.value)} />
    <${Button} icon="plus" label="次の日" onPress=${press(1)} />
  </div>`;
}

function Moment({ field, value, onSelect, onValue }) {
  return html`<input
    class="input case-date"
    type="datetime-local"
    aria-label=${field.label}
    value=${(value || "").slice(0, 16)}
    onFocus=${onSelect}
    onInput=${(event) => onValue(event.target.value || null)}
  />`;
}

const controls = { number: Counter, once: Flag, one: Options, many: Options, flag: Flag, date: Day, instant: Moment };

export function CaseField({ field, heading, value, isSelected, onSelect, onValue }) {
  const place = useRef(null);
  useEffect(() => {
    if (isSelected) {
      place.current.scrollIntoView({ block: "nearest" });
    }
  }, [isSelected]);
  const Control = controls[field.kind];
  return html`${heading === null ? null : html`<h3 class="case-heading">${heading}</h3>`}
    <div ref=${place} class=${isSelected ? "case-field is-chosen" : "case-field"} data-field=${field.key} onClick=${onSelect}>
      <div class="case-name">
        <span>${field.label}</span>
        ${field.price_yen !== undefined ? html`<span class="case-hint">${field.price_yen === 0 ? "無料" : yen(field.price_yen)}</span>` : null}
        ${field.hint ? html`<span class="case-hint">${field.hint}</span>` : null}
      </div>
      <${Control} field=${field} value=${value} isSelected=${isSelected} onSelect=${onSelect} onValue=${onValue} />
    </div>`;
}
