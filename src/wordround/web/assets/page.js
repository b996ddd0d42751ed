// Every page works without this: it only makes the menu fold on a narrow screen, and the components behave.
import { initAll } from "./nhsuk-frontend-10.6.1.min.js";

initAll();
