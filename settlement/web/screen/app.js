// The frame: who and where above, the ways to the pages, the page itself; and the sign-in form before or over it.
import { html, useEffect } from "./lib/view.js";
import { Announcement, Button, Empty, Waiting } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_FRAME } from "./lib/keyboard.js";
import { startSession, useSession } from "./session.js";
import { useLink } from "./live.js";
import { useRoute, go } from "./route.js";
import { SignIn } from "./sign_in.js";
import { FirstPassword } from "./first_password.js";
import { UserMenu } from "./user_menu.js";
import { sections, pages } from "./pages.js";

function Navigation({ page, rights }) {
  const shown = sections.filter((section) => !section.right || rights.includes(section.right));
  useKeys(Object.fromEntries(shown.map((section, index) => [String(index + 1), () => go(section.pages[0])])), LEVEL_FRAME);
  return html`<nav class="nav" aria-label="画面の切り替え">
    ${shown.map(
      (section, index) => html`<a
        key=${section.title}
        class="nav-item"
        href=${`#${section.pages[0]}`}
        data-testid=${`nav-${section.pages[0]}`}
        aria-keyshortcuts=${String(index + 1)}
        aria-current=${section.pages.includes(page) ? (section.pages[0] === page ? "page" : "true") : undefined}
      >
        ${section.title}<kbd class="hint" aria-hidden="true">${index + 1}</kbd>
      </a>`,
    )}
  </nav>`;
}

function SubNavigation({ page, rights }) {
  const section = sections.find((one) => one.pages.includes(page));
  const shown = section.pages.filter((name) => !pages[name].right || rights.includes(pages[name].right));
  return shown.length < 2
    ? null
    : html`<nav class="subnav" aria-label=${section.title}>
        ${shown.map((name) => html`<a key=${name} class="subnav-item" href=${`#${name}`} data-testid=${`page-${name}`} aria-current=${name === page ? "page" : undefined}>${pages[name].title}</a>`)}
      </nav>`;
}

function LinkState() {
  const link = useLink();
  return link === "lost"
    ? html`<span class="link is-lost" role="status"><${Icon} name="warning" />更新が止まっています。つなぎ直しています…</span>`
    : html`<span class="link"><span class="status-dot" aria-hidden="true"></span>自動更新</span>`;
}

function Page() {
  const { me } = useSession();
  const { page, params } = useRoute();
  const known = pages[page] && (!pages[page].right || me.rights.includes(pages[page].right));
  const { show: View, title } = pages[known ? page : "today"];
  useEffect(() => {
    document.title = `${title} - ${me.municipality.name} 会計窓口`;
  }, [title]);
  const shown = known ? page : "today";
  return html`<div class="frame">
    <header class="top">
      <p class="top-place"><strong>まどぐち</strong><span>${me.municipality.name}</span></p>
      <${Navigation} page=${shown} rights=${me.rights} />
      <${LinkState} />
      <${UserMenu} />
    </header>
    <${SubNavigation} page=${shown} rights=${me.rights} />
    <main class="page" id="page" key=${shown}><${View} params=${params} /></main>
    <${Announcement}>${title}<//>
  </div>`;
}

export function App() {
  const { status, fault, me } = useSession();
  if (status === "starting") {
    return html`<main class="alone"><${Waiting}>会計の画面を開いています…<//></main>`;
  }
  if (status === "failed") {
    return html`<main class="alone">
      <${Empty} icon="warning" title="サーバーにつながりません" actions=${html`<${Button} kind="main" onPress=${startSession}>もう一度つなぐ<//>`}>
        ${fault} 何度か試しても変わらないときは、システム管理者に知らせてください。レジは止まらず、会計の記録も失われません。
      <//>
    </main>`;
  }
  if (status === "none") {
    return html`<main class="alone"><${SignIn} /></main>`;
  }
  if (me.must_change_password) {
    return html`<main class="alone">${status === "renew" ? html`<${SignIn} />` : html`<${FirstPassword} />`}</main>`;
  }
  // The page stays where it is, with all that was typed; it only cannot be used until somebody has signed in.
  return html`<div inert=${status === "renew"}><${Page} key=${me.user.login} /></div>
    ${status === "renew" ? html`<div class="over" role="dialog" aria-modal="true" aria-labelledby="sign-in-title"><${SignIn} /></div>` : null}`;
}
