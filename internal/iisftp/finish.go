package iisftp

// finish checks what only the whole line can tell.
func (p *parser) finish() string {
	operation := p.call.Operation
	if operation == "" {
		return "no operation is named; it comes first, such as /GetADProp or /SetADProp"
	}
	if missing := len(p.shape.arguments) - p.words; missing > 0 && !p.shape.optional {
		return "/" + string(operation) + " needs " + p.shape.list() + ", in this order"
	}
	for _, o := range options() {
		if p.seen[o.names[0]] && o.only != "" && o.only != operation {
			return "/" + o.names[0] + " goes with /" + string(o.only) + " alone"
		}
	}
	switch {
	case p.seen["u"] && !p.seen["s"]:
		return "/u goes with /s, which names the server that the user is for"
	case p.seen["p"] && !p.seen["u"]:
		return "/p goes with /u, which names the user that the password is for"
	}
	return p.checkCredentials()
}

// checkCredentials: the documented form has all three or none, and only with
// isolation by Active Directory.
func (p *parser) checkCredentials() string {
	given := 0
	for _, name := range []string{"domain", "Admin", "AdminPwd"} {
		if p.seen[name] {
			given++
		}
	}
	switch {
	case given == 0:
		return ""
	case p.call.Site.Isolation != ActiveDirectoryIsolation:
		return "/domain, /Admin and /AdminPwd go with /isolation ActiveDirectory"
	case given < 3:
		return "/domain, /Admin and /AdminPwd go together"
	}
	return ""
}
