// The terminal gets the keyboard as soon as it is there, and again when one comes back to the tab.
const focusTerminal = () => document.querySelector(".xterm-helper-textarea")?.focus();
addEventListener("load", () => setTimeout(focusTerminal));
addEventListener("focus", focusTerminal);
