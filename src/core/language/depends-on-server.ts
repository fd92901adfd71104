/** Thrown by a dialect that stands for every server of its database, where these differ. Whoever runs knows which it has. */
export class DependsOnServer extends Error {
  override readonly name = "DependsOnServer";
}
