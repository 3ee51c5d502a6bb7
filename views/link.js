// Copies the address of this very view; what it says is given by the server.

export default function (component) {
  // a map that cannot be drawn is said in its place, by the style
  if (document.documentElement.dataset.map === undefined) {
    const drawn = document.createElement("canvas").getContext("webgl2");
    document.documentElement.dataset.map = drawn ? "drawn" : "none";
    drawn?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("span");
  button.onclick = async () => {
    const query = data.query ? "?" + data.query : "";
    const address = window.location.origin + window.location.pathname + query;
    let copied = false;
    try {
      await navigator.clipboard.writeText(address);
      copied = true;
    } catch {
      // without a secure connection the browser offers the old way only
      const field = document.createElement("textarea");
      field.value = address;
      document.body.append(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    said.textContent = copied ? "Copied" : "Copy it from the address bar";
    setTimeout(() => { said.textContent = ""; }, 4000);
  };
}
