"""`newsbeam report`: what runs did."""
