// Files to and from the server. Everything else goes through `call` of session.js.
import { requestHeaders, whenRenewed } from "./session.js";

export { call } from "./session.js";

const noAnswer = { ok: false, code: "no_answer", message: "サーバーから返事がありません。もう一度お試しください。同じファイルが二重に取り込まれることはありません。" };

function send(path, file, onProgress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    Object.entries(requestHeaders()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => done(noAnswer);
    request.onload = () => {
      let data = null;
      try {
        data = JSON.parse(request.responseText);
      } catch (error) {
        done(noAnswer);
        return;
      }
      const { error } = data;
      done(request.status < 300 ? { ok: true, data } : { ok: false, status: request.status, ...error });
    };
    request.send(file);
  });
}

// The bytes of FILE as they are. Ends in {ok, data} or {ok: false, code, message, line?, column?}.
export async function upload(path, file, onProgress) {
  for (;;) {
    const answer = await send(path, file, onProgress);
    if (answer.status !== 401) {
      return answer;
    }
    await whenRenewed();
  }
}

// Save a file the server keeps. The name is the one it was made under.
export async function download(path, name) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, { cache: "no-store" });
      if (response.ok) {
        saveBlob(await response.blob(), name);
        return { ok: true };
      }
    } catch (error) {
      return { ok: false, message: "ファイルを受け取れませんでした。通信を確かめて、もう一度お試しください。" };
    }
    if (response.status !== 401) {
      const answer = await response.json().catch(() => null);
      return { ok: false, message: answer?.error?.message || "ファイルを受け取れませんでした。もう一度お試しください。" };
    }
    await whenRenewed();
  }
}

export function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
