// Package authz decides what a login may do by rules in the vocabulary of IIS
// (Microsoft, system.ftpServer/security/authorization): users and groups that are
// allowed or denied to read and to write. Groups count with all that is nested in
// them.
//
// A right is granted by any rule that allows it and by none that denies it,
// whatever their order. What no rule grants is refused.
package authz
