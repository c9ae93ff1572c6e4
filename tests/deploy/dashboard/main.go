// Says what is wrong with a Grafana dashboard: fields that Grafana does not know, that are of the wrong type, or missing.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins() // so that queries and panels are checked by their own schemas
	raw, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	var board dashboard.Dashboard
	for _, err := range []error{board.UnmarshalJSONStrict(raw), board.Validate()} {
		if err != nil && err.Error() != "" { // a list of no errors is an error with no text
			fmt.Println(err)
			os.Exit(1)
		}
	}
}
