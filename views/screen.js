// The screen's size, sent once as "screen", because only the browser knows it.

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const small = window.innerWidth <= 1500 || window.innerHeight <= 850;
  const screen = small ? "laptop" : "wall";
  if (data.screen !== screen && parentElement.told !== screen) {
    parentElement.told = screen;
    setTriggerValue("screen", screen);
  }
}
