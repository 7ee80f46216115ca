package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// All returns the rules of the audit in the order of their ids. A new one is one more
// line here.
func All() []audit.Check {
	return []audit.Check{
		v01(), v02(), v03(), v04(), v05(), v06(), v07(), v08(), v09(), v10(), v11(), v12(),
		v13(), v14(), v15(), v16(), v17(), v18(), v19(), v20(), v21(), v22(), v23(), v24(),
		x01(), x02(), x03(), x04(), x05(), x06(), x07(),
		a01(), a02(), a03(), a04(), a05(), a06(), a07(), a08(), a09(), a10(), a11(),
		s01(), s02(), s03(), s04(), s05(), s06(), s09(), s14(), s15(), s16(),
		h01(), h02(), h03(), h04(), h05(), h06(), h07(), h10(), h13(),
		c01(), c02(), c03(), c04(), c06(), c07(), c08(), c09(),
	}
}
