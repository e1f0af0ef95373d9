/** The build without eval ships without types of its own; they are those of the package. */
declare module 'msgpackr/index-no-eval' {
  export { Packr } from 'msgpackr'
}
