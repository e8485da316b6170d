/** Policies of a group that may see and do everything that the gateway offers: what `docs/transparency.md` shows. */
export const TRUSTED_POLICIES = `
@id("trusted-see-everything")
permit (
  principal in Sluice::Group::"trusted",
  action in
    [Sluice::Action::"reveal",
     Sluice::Action::"shape",
     Sluice::Action::"fault",
     Sluice::Action::"writeDown"],
  resource
)
unless { resource in Sluice::Category::"system.secret" };

@id("secrets-are-masked")
permit (
  principal in Sluice::Group::"trusted",
  action == Sluice::Action::"mask",
  resource in Sluice::Category::"system.secret"
);

@id("trusted-do-everything")
permit (
  principal in Sluice::Group::"trusted",
  action in
    [Sluice::Action::"connect",
     Sluice::Action::"read",
     Sluice::Action::"write",
     Sluice::Action::"change",
     Sluice::Action::"transaction",
     Sluice::Action::"session",
     Sluice::Action::"maintain",
     Sluice::Action::"redefine",
     Sluice::Action::"runOpaque"],
  resource
);
`;
