package adsim

import "strings"

// syntax is how values of an attribute are checked and compared (MS-ADTS 3.1.1.2.2.2).
type syntax int

const (
	syntaxText   syntax = iota // Unicode, case does not matter
	syntaxInt                  // INTEGER and LargeInteger
	syntaxBool                 // TRUE or FALSE
	syntaxOctets               // bytes
	syntaxDN                   // distinguished name
	syntaxTime                 // generalized time
	syntaxSID                  // security identifier, bytes
	syntaxGUID                 // objectGUID, bytes
)

// attrType is one attribute type. There is one value of it per type and schema,
// so that pointers compare.
type attrType struct {
	name        string // as answers print it
	syntax      syntax
	single      bool
	system      bool     // only the server writes it: refused in a modify
	constructed bool     // computed per answer: never in "*", never matched by a filter
	secret      bool     // never answered, never matched
	min, max    int      // length in UTF-16 units; max 0 means no bound
	classes     []string // object classes that may hold it; nil means any
}

// schema finds attribute types and object classes by folded name.
type schema struct {
	attributes map[string]*attrType
	classes    map[string]*class
	known      known
}

// known are the attribute types that code names.
type known struct {
	objectClass, objectCategory, objectGUID, objectSid, distinguishedName, name *attrType
	samName, upn, uac, uacComputed, accountExpires, pwdLastSet, lockoutTime     *attrType
	logonHours, workstations, memberOf, member, primaryGroup, accountType       *attrType
	whenCreated, whenChanged, usnCreated, usnChanged, unicodePwd, userPassword  *attrType
	groupType, maxPwdAge, tokenGroups, attributesEffective, descriptor          *attrType
	passwordExpiry                                                              *attrType
}

func newSchema() *schema {
	s := &schema{attributes: make(map[string]*attrType), classes: classTable()}
	for _, group := range attributeTable() {
		for name := range strings.FieldsSeq(group.names) {
			t := group.attrType
			t.name = name
			s.attributes[fold(name)] = &t
		}
	}
	s.known = s.lookupKnown()
	return s
}

// attribute finds a type by name; options behind a semicolon do not count.
func (s *schema) attribute(name string) (*attrType, bool) {
	name, _, _ = strings.Cut(name, ";")
	t, ok := s.attributes[fold(name)]
	return t, ok
}

func (s *schema) lookupKnown() known {
	get := func(name string) *attrType { return s.attributes[fold(name)] }
	return known{
		objectClass: get("objectClass"), objectCategory: get("objectCategory"),
		objectGUID: get("objectGUID"), objectSid: get("objectSid"),
		distinguishedName: get("distinguishedName"), name: get("name"),
		samName: get("sAMAccountName"), upn: get("userPrincipalName"),
		uac: get("userAccountControl"), uacComputed: get("msDS-User-Account-Control-Computed"),
		accountExpires: get("accountExpires"), pwdLastSet: get("pwdLastSet"), lockoutTime: get("lockoutTime"),
		logonHours: get("logonHours"), workstations: get("userWorkstations"),
		memberOf: get("memberOf"), member: get("member"),
		primaryGroup: get("primaryGroupID"), accountType: get("sAMAccountType"),
		whenCreated: get("whenCreated"), whenChanged: get("whenChanged"),
		usnCreated: get("uSNCreated"), usnChanged: get("uSNChanged"),
		unicodePwd: get("unicodePwd"), userPassword: get("userPassword"),
		groupType: get("groupType"), maxPwdAge: get("maxPwdAge"),
		tokenGroups: get("tokenGroups"), attributesEffective: get("allowedAttributesEffective"),
		descriptor: get("nTSecurityDescriptor"), passwordExpiry: get("msDS-UserPasswordExpiryTimeComputed"),
	}
}
