package journal

// Permissions is the kind of runs that change who may do what to directory objects.
const Permissions Kind = "permissions"

// PermissionsChange is what is to become of the list of one object: entries in SDDL,
// each of which is added or taken away by itself, whatever else the list has.
type PermissionsChange struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}
