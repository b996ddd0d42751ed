// Every page works without this: it only makes the menu fold on a narrow screen, and the components behave.
import { initAll } from "./nhsuk-frontend-10.6.1.min.js";

initAll();

// A coder chooses by number keys, unless something is being typed.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.matches("input[type=text], textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const choice = document.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
  if (choice instanceof HTMLInputElement) {
    choice.checked = true;
    choice.focus();
  }
});
