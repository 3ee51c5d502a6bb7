// The screen's size, sent once as "screen", because only the browser knows it.

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  // a map that cannot be drawn is said in its place, by the style
  if (document.documentElement.dataset.map === undefined) {
    const drawn = document.createElement("canvas").getContext("webgl2");
    document.documentElement.dataset.map = drawn ? "drawn" : "none";
    drawn?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  const small = window.innerWidth <= 1500 || window.innerHeight <= 850;
  const screen = small ? "laptop" : "wall";
  if (data.screen !== screen && parentElement.told !== screen) {
    parentElement.told = screen;
    setTriggerValue("screen", screen);
  }
}
